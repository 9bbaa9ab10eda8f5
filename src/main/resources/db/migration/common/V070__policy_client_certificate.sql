-- A certificate that a rule presents cannot be removed, not even by a request that came at the same moment.
alter table tls_policy
    add constraint tls_policy_client_certificate foreign key (client_certificate_id) references certificate (id);
