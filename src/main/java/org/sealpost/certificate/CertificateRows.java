package org.sealpost.certificate;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface CertificateRows extends JpaRepository<CertificateEntity, Long> {

    List<CertificateEntity> findAllByOrderByNotAfterAscIdAsc();

    Optional<CertificateEntity> findByPurposeAndSha256(String purpose, String sha256);

    Optional<CertificateEntity> findFirstByPurposeAndLeafSha256OrderById(
            String purpose, String leafSha256);

    Optional<CertificateEntity> findFirstByPurposeAndSealedKeyIsNotNullOrderById(String purpose);

    List<CertificateEntity> findBySealedKeyIsNotNullOrderById();

    List<CertificateEntity> findByLeafSha256(String leafSha256);
}
