package org.sealpost.smtp;

import org.springframework.data.jpa.repository.JpaRepository;

interface ListenerRows extends JpaRepository<ListenerEntity, String> {}
