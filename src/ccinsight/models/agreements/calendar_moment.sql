-- One row: the moment as of which stored.calendar_events says what calendar files hold; null before
-- the first import. After an undo the newest import is older than what was last said of some event.
select
    greatest(
        (select max(i.imported_at) from stored.imports as i),
        (select max(e.changed_at) from stored.calendar_events as e)
    ) as known_at,
