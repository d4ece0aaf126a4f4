-- Pages to pay on whose event was lost: the provider is asked how they stand.
update payment set next_attempt_at = created_at where state = 'pending' and checkout_reference is not null and next_attempt_at is null;
