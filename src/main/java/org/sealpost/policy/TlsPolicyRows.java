package org.sealpost.policy;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface TlsPolicyRows extends JpaRepository<TlsPolicyEntity, Long> {

    List<TlsPolicyEntity> findByAttributesContaining(String text);

    List<TlsPolicyEntity> findByClientCertificateId(Long id);

    List<TlsPolicyEntity> findByLevel(String level);
}
