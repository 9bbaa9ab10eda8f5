package org.sealpost.certificate;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Fills the columns that certificates are found by in rows of an earlier version. */
@Component
class SearchBackfill {

    private final CertificateRows rows;

    SearchBackfill(CertificateRows rows) {
        this.rows = rows;
    }

    @EventListener(ApplicationReadyEvent.class)
    @Transactional
    public void fill() {
        rows.findByLeafSha256("").forEach(row -> row.fillSearch(row.chain().getFirst()));
    }
}
