-- What stays whatever is imported: who was forgotten, what calendar files said, and which price
-- letters were sent.

-- Who was forgotten, as keyed hashes: an import leaves them out. kind: contact, customer,
-- org_number, customer_name, agreement.
create table stored.forgotten (
    kind varchar not null, hashed varchar not null, primary key (kind, hashed)
);

-- What calendar files last said of each event: its UID follows from agreement, kind and period
-- number (n, R1). The numbers go up with each change. Up to corrected_until, a file may have given
-- it another day, or one that no longer holds.
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

-- One row per letter or e-mail that announced a price version to one agreement (R14). price_source,
-- price_owner and valid_from name the version as in price_versions. import_id: the entry of the log
-- with who recorded it, and when.
create table stored.price_letters (
    agreement_id varchar not null,
    price_source varchar not null,
    price_owner varchar not null,
    valid_from date not null,
    sent_on date not null,
    import_id integer not null,
    primary key (agreement_id, price_source, price_owner, valid_from)
);
