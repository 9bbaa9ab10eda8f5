-- Issuer and subject of a person whom the identity provider sent.
alter table app_user add column oidc_subject varchar(600);
alter table app_user add constraint app_user_oidc_subject unique (oidc_subject);
