package org.sealpost.policy;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface TlsPolicyRows extends JpaRepository<TlsPolicyEntity, Long> {

    @Query(
            """
            select p from TlsPolicyEntity p
            where p.nextHop > :after
              and (:level = '' or p.level = :level)
              and (:text = '' or locate(:text, lower(p.nextHop)) > 0 or locate(:text, lower(p.note)) > 0)
            order by p.nextHop
            """)
    List<TlsPolicyEntity> page(String text, String level, String after, Limit limit);

    @Query(
            """
            select count(p) from TlsPolicyEntity p
            where (:level = '' or p.level = :level)
              and (:text = '' or locate(:text, lower(p.nextHop)) > 0 or locate(:text, lower(p.note)) > 0)
            """)
    long count(String text, String level);

    List<TlsPolicyEntity> findByAttributesContaining(String text);

    List<TlsPolicyEntity> findByClientCertificateId(Long id);

    List<TlsPolicyEntity> findByLevel(String level);
}
