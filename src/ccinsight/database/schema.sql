-- The tables that an import fills, in the schema `stored`. The models read them; `main` shows them with canonical columns.
create schema stored;

-- One row per import run.
create table stored.imports (
    import_id integer primary key,
    imported_at timestamp not null,
    imported_by varchar,
    seconds double
);

-- One row per file read (for a workbook: per sheet).
create table stored.files (
    file_id integer primary key,
    import_id integer not null,
    export varchar not null,
    name varchar not null,
    sha256 varchar not null,
    size_bytes bigint not null,
    format varchar not null,
    encoding varchar,
    rows_read bigint not null,
    rows_good bigint not null,
    rows_rejected bigint not null,
    seconds double,
    -- the file's own headers, in order, so that rejected rows can be written as they came
    headers varchar[] not null,
    -- what its rows were read by (settings, known names): the same file read by the same gives the same rows
    reading varchar,
    -- the days it covers, by its good rows' subscribed_on or opened_at; null for other exports
    first_on date,
    last_on date
);

-- One row per warning of a file: kind is a short code (header_unmatched, duplicate_key, value_unknown, row_limit, …).
create table stored.warnings (
    file_id integer not null,
    kind varchar not null,
    column_name varchar,
    value varchar,
    rows bigint,
    text varchar not null
);

-- One row per rejected row: whole, as it came. The column named is the first that was bad.
create table stored.rejects (
    file_id integer not null,
    export varchar not null,
    line bigint not null,
    row_key varchar,
    column_name varchar,
    value varchar,
    reason varchar not null,
    fields varchar[] not null
);

-- One row per key that came in several rows of a file which say different things: the lines they stand in. Of invoices all
-- are kept, of the other exports the last.
create table stored.key_conflicts (
    file_id integer not null,
    export varchar not null,
    row_key varchar not null,
    lines bigint[] not null
);

-- One row per price row that an import changed, with what it said before (exports.md, R6).
create table stored.price_changes (
    import_id integer not null,
    product varchar not null,
    agreement_id varchar,
    valid_from date not null,
    complexity varchar not null,
    min_users integer not null,
    price_before decimal(18, 4) not null,
    announced_before date
);

-- The settings as they were given, and what they say, defaults filled in.
create table stored.settings (toml varchar not null, file_name varchar);
create table stored.default_terms (notice_months integer not null, price_notice_days integer not null);
create table stored.products (
    product varchar primary key,
    notice_months integer not null,
    price_notice_days integer not null,
    member_hourly_rate decimal(18, 4),
    standard_hourly_rate decimal(18, 4),
    standard_course_price decimal(18, 4)
);
-- One row: quicker first replies don't count as one.
create table stored.reply_terms (minimum_reply_seconds integer not null);
-- In order; to_users is null for the last. user_band is `10–24` (en dash) or `100+`.
create table stored.user_bands (user_band varchar primary key, from_users integer not null, to_users integer);
create table stored.categories (category varchar primary key, scope varchar not null, is_access_down boolean not null);
create table stored.severities (severity varchar primary key, is_access_down boolean not null);
-- The exports that come whole: what the newest lacks is gone.
create table stored.full_lists (export varchar primary key);
create table stored.customer_names (name varchar primary key, customer_id varchar not null);

-- The six exports, one row per key. file_id and line say where a row came from.
create table stored.agreements (
    agreement_id varchar not null,
    customer_id varchar not null,
    customer_name varchar not null,
    org_number varchar,
    account_manager varchar,
    product varchar not null,
    subscribed_on date not null,
    first_renewal_on date,
    terminated_on date,
    terminated_by varchar,
    price_basis varchar not null,
    price_per_user decimal(18, 4),
    complexity varchar not null,
    registered_users integer,
    consultant_rate decimal(18, 4),
    partner_confirmed_on date,
    file_id integer not null,
    line bigint not null
);
-- In the next four, customer_id is as it came (null where the row names its customer by number or name).
create table stored.tickets (  -- noqa: PRS
    -- each is another, so that looking for a way to pack them takes long and finds little
    ticket_id varchar using compression uncompressed not null,
    customer_id varchar,
    org_number varchar,
    customer_name varchar,
    opened_at timestamp not null,
    first_reply_at timestamp,
    closed_at timestamp,
    title varchar,
    status varchar,
    channel varchar,
    category varchar,
    severity varchar,
    contact varchar,
    contact_role varchar,
    owner varchar,
    minutes_spent decimal(18, 6),
    minutes_to_invoice decimal(18, 6),
    -- R10: 1 opened, 2 first replied to, 4 closed in the second pass of the hour that comes twice; null: none, as nearly
    -- everywhere
    second_passes utinyint,
    file_id integer not null,
    line bigint not null
);
create table stored.user_counts (
    customer_id varchar,
    org_number varchar,
    customer_name varchar,
    counted_on date not null,
    registered_users integer not null,
    available_licences integer,
    active_users integer,
    file_id integer not null,
    line bigint not null
);
create table stored.prices (
    product varchar not null,
    agreement_id varchar,
    valid_from date not null,
    announced_on date,
    complexity varchar not null,
    min_users integer not null,
    price_per_user decimal(18, 4) not null,
    file_id integer not null,
    line bigint not null
);
-- invoice_line_id is unique: the id as it came (given_line_id), or the number and the line's number or position.
create table stored.invoices (
    invoice_line_id varchar not null,
    given_line_id varchar,
    invoice_number varchar,
    line_number varchar,
    customer_id varchar,
    org_number varchar,
    customer_name varchar,
    agreement_id varchar,
    kind varchar not null,
    issued_on date not null,
    period_start date,
    quantity decimal(18, 6),
    unit_price decimal(18, 4),
    amount decimal(18, 4) not null,
    currency varchar,
    file_id integer not null,
    line bigint not null
);
create table stored.meetings (
    meeting_id varchar not null,
    customer_id varchar,
    org_number varchar,
    customer_name varchar,
    kind varchar not null,
    planned_on date,
    held_on date,
    note varchar,
    file_id integer not null,
    line bigint not null
);

-- Who was forgotten, as keyed hashes: an import leaves them out. kind: contact, customer, org_number, customer_name, agreement.
create table stored.forgotten (kind varchar not null, hashed varchar not null, primary key (kind, hashed));

-- What calendar files last said of each event: its UID follows from agreement, kind and period number (n, R1). The numbers
-- go up with each change. Up to corrected_until, a file may have given it another day, or one that no longer holds.
create table stored.calendar_events (
    agreement_id varchar not null,
    kind varchar not null,
    period_number integer not null,
    customer_id varchar not null,
    customer_name varchar not null,
    account_manager varchar,
    due_on date not null,
    act_by date,
    annual_value decimal(18, 2),
    price_notice_state varchar,
    sequence_number integer not null,
    changed_at timestamp not null,
    is_cancelled boolean not null,
    corrected_until date
);
