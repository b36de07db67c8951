-- One row per agreement, as exported.
select * exclude (file_id, line) from stored.agreements
