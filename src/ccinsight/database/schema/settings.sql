-- The settings as they were given, and what they say, defaults filled in.
create table stored.settings (toml varchar not null, file_name varchar);
create table stored.default_terms (
    notice_months integer not null, price_notice_days integer not null
);
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
create table stored.user_bands (
    user_band varchar primary key, from_users integer not null, to_users integer
);
create table stored.categories (
    category varchar primary key, scope varchar not null, is_access_down boolean not null
);
create table stored.severities (severity varchar primary key, is_access_down boolean not null);
-- The exports with full lists: rows missing from the newest no longer count.
create table stored.full_lists (export varchar primary key);
create table stored.customer_names (name varchar primary key, customer_id varchar not null);
