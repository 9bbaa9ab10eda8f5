-- A database from before there was this alert gets it where all the others are switched on; who
-- switched some off keeps what was chosen.
update settings_document
set document = replace(document, '"tls-deferred"', '"tls-deferred","self-test-worse"'),
    version = version + 1
where name = 'alerts'
  and document like '%"certificate-expiring"%'
  and document like '%"listener-down"%'
  and document like '%"disk-low"%'
  and document like '%"tls-deferred"%'
  and document not like '%"self-test-worse"%';
