package org.sealpost.certificate;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface SuccessionRows extends JpaRepository<SuccessionEntity, Long> {

    List<SuccessionEntity> findBySuccessorId(long successorId);
}
