package org.sealpost.certificate;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface RequestRows extends JpaRepository<RequestEntity, Long> {

    List<RequestEntity> findBySpkiSha256OrderById(String spkiSha256);

    List<RequestEntity> findAllByOrderById();
}
