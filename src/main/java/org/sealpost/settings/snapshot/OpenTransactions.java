package org.sealpost.settings.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;
import org.springframework.transaction.TransactionExecution;

/**
 * The transactions of this thread, the innermost on top, and whether they wrote configuration. H2
 * makes its triggers itself and calls them in the thread that writes, so this is how they tell.
 */
final class OpenTransactions {

    private static final ThreadLocal<Deque<OpenTransaction>> OPEN =
            ThreadLocal.withInitial(ArrayDeque::new);

    private OpenTransactions() {}

    private static final class OpenTransaction {
        private final TransactionExecution transaction;
        private boolean touched;

        OpenTransaction(TransactionExecution transaction) {
            this.transaction = transaction;
        }
    }

    static void begin(TransactionExecution transaction) {
        OPEN.get().push(new OpenTransaction(transaction));
    }

    /** Called for a write of configuration; one outside of any transaction is found later. */
    static void touch() {
        OpenTransaction innermost = OPEN.get().peek();
        if (innermost != null) {
            innermost.touched = true;
        }
    }

    /** Forgets a transaction, and tells whether it wrote configuration. */
    static boolean end(TransactionExecution transaction) {
        Deque<OpenTransaction> open = OPEN.get();
        boolean touched = false;
        while (!open.isEmpty()) {
            OpenTransaction ended = open.pop();
            if (ended.transaction.equals(transaction)) {
                touched = ended.touched;
                break;
            }
        }
        if (open.isEmpty()) {
            OPEN.remove();
        }
        return touched;
    }
}
