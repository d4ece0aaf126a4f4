package dev.mynah.server.answer;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.store.Transactions;
import org.springframework.stereotype.Component;

/**
 * Ends all that is generated, and refuses anything new, until it is taken back. This process stops at once; others see it in the database, where those that generate look several times a
 * second and every new answer is begun.
 */
@Component
public final class EmergencyStop {
    private final ServiceState state;
    private final Answers answers;
    private final AuditLog audit;
    private final Transactions transactions;

    public EmergencyStop(ServiceState state, Answers answers, AuditLog audit, Transactions transactions) {
        this.state = state;
        this.answers = answers;
        this.audit = audit;
        this.transactions = transactions;
    }

    public boolean isStopped() {
        return state.isStopped();
    }

    /** Stops or resumes the service, in the name of {@code actor}. */
    public void set(boolean stopped, String actor) {
        set(stopped, actor, "");
    }

    /** As {@link #set(boolean, String)}, for a reason; false where it was so before. */
    public boolean set(boolean stopped, String actor, String reason) {
        boolean changed = transactions.call(() -> {
            boolean different = state.setStopped(stopped);
            if (different) {
                audit.record(actor, stopped ? "service.stop" : "service.resume", "service", reason);
            }
            return different;
        });
        state.isStopped();
        if (stopped) {
            answers.cancelAll();
        }
        return changed;
    }
}
