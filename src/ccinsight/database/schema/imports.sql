-- What was imported when, and what became of each file and row: in the schema `stored`, which the
-- models read.
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
    -- what its rows were read by (settings, known names): the same file read by the same gives the
    -- same rows
    reading varchar,
    -- the days it covers, by its good rows' subscribed_on or opened_at; null for other exports
    first_on date,
    last_on date
);

-- One row per warning of a file: kind is a short code (header_unmatched, duplicate_key,
-- value_unknown, row_limit, …).
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

-- One row per key that came in several rows of a file which say different things: the lines they
-- stand in. Of invoices all are kept, of the other exports the last.
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
