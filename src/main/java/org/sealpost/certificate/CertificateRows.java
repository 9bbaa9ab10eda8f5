package org.sealpost.certificate;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface CertificateRows extends JpaRepository<CertificateEntity, Long> {

    /**
     * What a search finds.
     *
     * @param text lower case; empty for all
     * @param purpose one or several with commas between; empty for all
     * @param digest hex without colons; empty unless the text may be one
     */
    @Query(
            "select new org.sealpost.certificate.CertificateQuery$Header("
                    + "c.id, c.subject, c.notAfter, c.purpose) from CertificateEntity c"
                    + " where (:purpose = '' or locate(concat(',', c.purpose, ','), concat(',',"
                    + " :purpose, ',')) > 0)"
                    + " and (:text = '' or locate(:text, c.names) > 0"
                    + " or (:digest <> '' and (locate(:digest, c.leafSha256) > 0"
                    + " or locate(:digest, c.spkiSha256) > 0)))")
    List<CertificateQuery.Header> search(String text, String digest, String purpose);

    Optional<CertificateEntity> findByPurposeAndSha256(String purpose, String sha256);

    Optional<CertificateEntity> findFirstByPurposeAndLeafSha256OrderById(
            String purpose, String leafSha256);

    Optional<CertificateEntity> findFirstByPurposeAndSealedKeyIsNotNullOrderById(String purpose);

    List<CertificateEntity> findBySealedKeyIsNotNullOrderById();

    List<CertificateEntity> findByLeafSha256(String leafSha256);
}
