-- One row per price row, as exported.
select * exclude (file_id, line) from stored.prices
