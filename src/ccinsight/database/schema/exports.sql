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
-- In the next four, customer_id is as it came (null where the row names its customer by number or
-- name).
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
    -- R10: 1 opened, 2 first replied to, 4 closed in the second pass of the hour that comes twice;
    -- null: none, as nearly everywhere
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
-- invoice_line_id is unique: the id as it came (given_line_id), or the number and the line's number
-- or position.
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
