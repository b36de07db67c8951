-- One row per row of price_answers and span of users: the rate that R6 gives to the agreement's
-- complexity. Users that are unknown are looked up as no_users(), so that each lookup finds one
-- row; rate is null where the price has no step for them.
select
    answers.*,
    terms.customer_id,
    coalesce(steps.min_users, model.no_users()) as users_from,
    coalesce(steps.next_min_users, model.no_limit()) as users_until,
    case
        when answers.price_source = 'contract' then terms.price_per_user else steps.price_per_user
    end as rate,
    case when steps.price_per_user is not null then steps.min_users end as step_users,
    case
        when steps.price_per_user is not null then nullif(steps.next_min_users, model.no_limit())
    end
        as next_step_users,
    case when steps.price_per_user is not null then steps.next_price_per_user end as next_step_rate,
from model.price_answers as answers
inner join model.agreement_terms as terms on answers.agreement_id = terms.agreement_id
left join model.price_steps as steps
    on answers.price_source = steps.price_source
    and answers.price_owner = steps.price_owner
    and answers.price_version = steps.valid_from
    and terms.complexity = steps.complexity
