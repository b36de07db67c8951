-- One row per agreement, period, question and span of days of knowledge: the price version that
-- answers R6. question: in_time is the rule itself; whenever is what it would give if no
-- announcement were ever too late. A period that begins from period_from on and before
-- period_until, as known from known_from on and before known_until, finds one row: the last period
-- stands for all that follow. price_source is null where no version answers. announced_on is the
-- version's; is_late: that was too late for the period, so that in_time has another answer.
with periods as (
    select
        starts.*,
        questions.question,
    from model.period_starts as starts
    cross join (values ('in_time'), ('whenever')) as questions (question)
),

-- The versions that apply, by the day on which they become known; before the first nothing is.
known as (
    select
        periods.*,
        versions.announced_on as known_from,
        max(versions.valid_from) filter (where versions.price_source = 'direct') as direct_version,
        max(versions.valid_from) filter (where versions.price_source = 'list') as list_version,
    from periods
    inner join model.price_reach as versions
        on periods.agreement_id = versions.agreement_id
        and periods.period_from
        >= case periods.question
            when 'in_time' then versions.reaches_from
            else versions.valid_from
        end
    group by all
    union all
    select
        p.*,
        model.no_start() as known_from,
        null as direct_version,
        null as list_version,
    from periods as p
),

-- The newest of each book so far.
newest as (
    select
        k.* exclude (direct_version, list_version),  -- noqa: RF02
        max(k.direct_version) over so_far as direct_version,
        max(k.list_version) over so_far as list_version,
        lead(k.known_from, 1, model.no_end()) over so_far as known_until,
    from known as k
    window
        so_far as (
            partition by k.agreement_id, k.question, k.period_from order by k.known_from
        )
),

-- The agreement's own versions come before its contract's price, and that before the list's.
answers as (
    select
        newest.agreement_id,
        newest.question,
        newest.period_from,
        newest.period_until,
        newest.known_from,
        newest.known_until,
        case
            when newest.direct_version is not null then 'direct'
            when terms.price_basis = 'contract' then 'contract'
            when newest.list_version is not null then 'list'
        end as price_source,
        case
            when newest.direct_version is not null then newest.agreement_id
            when newest.list_version is not null then terms.product
        end as price_owner,
        coalesce(newest.direct_version, newest.list_version) as price_version,
    from newest
    inner join model.agreement_terms as terms on newest.agreement_id = terms.agreement_id
)

-- In the order of knowledge: a report of a late day reads the last rows only. Then by period, whose
-- days take next to no room so.
select
    answers.*,
    versions.announced_on,
    coalesce(versions.reaches_from > answers.period_from, false) as is_late,
from answers
left join model.price_reach as versions
    on answers.agreement_id = versions.agreement_id
    and answers.price_source = versions.price_source
    and answers.price_version = versions.valid_from
order by answers.known_until, answers.period_from
