package org.sealpost.delivery;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface RouteRows extends JpaRepository<RouteEntity, Long> {

    List<RouteEntity> findAllByOrderByPatternAscSenderAsc();

    Optional<RouteEntity> findByPatternAndSender(String pattern, String sender);
}
