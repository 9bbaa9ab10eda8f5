package org.sealpost.account;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

interface UserRows extends JpaRepository<UserEntity, Long> {

    Optional<UserEntity> findByUsername(String username);

    Optional<UserEntity> findByOidcSubject(String subject);

    List<UserEntity> findAllByOrderByUsername();
}
