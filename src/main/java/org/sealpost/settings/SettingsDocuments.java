package org.sealpost.settings;

import org.springframework.data.jpa.repository.JpaRepository;

interface SettingsDocuments extends JpaRepository<SettingsDocument, String> {}
