-- Which price holds and what its notice is, as scalar macros.

-- R6: the last day on which a price can be announced that reaches a period: for the first the
-- agreement's start.
create macro model.announce_by(subscribed_on, period_start, notice_months, price_notice_days) as
case
    when period_start = subscribed_on then subscribed_on
    else model.price_notice_deadline(period_start - 1, notice_months, price_notice_days)
end;

-- R6: whether two answers name different price versions.
create macro model.is_other_price(price_source, price_version, other_source, other_version) as
price_source is distinct from other_source or price_version is distinct from other_version;

-- R14: whether a version decides in place of an answer: it is newer in the answer's own book, or of
-- a book that comes before.
create macro model.is_newer_price(price_source, valid_from, held_source, held_version) as
case
    when held_source = price_source then valid_from > held_version
    when price_source = 'direct' then true
    else held_source is null
end;

-- R14: the state of a price notice, the first that holds.
create macro model.price_notice_state(is_planned, is_missed, is_announced) as
case
    when is_planned then 'planned'
    when is_missed then 'missed'
    when is_announced then 'announced'
    else 'none'
end;
