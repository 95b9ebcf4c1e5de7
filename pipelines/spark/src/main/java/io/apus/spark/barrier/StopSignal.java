package io.apus.spark.barrier;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.spark.util.SignalUtils$;
import scala.runtime.AbstractFunction0;

/** Lets a process that is told to end (SIGTERM, SIGINT) finish what it is doing first. */
public final class StopSignal {
    private static final List<String> SIGNALS = List.of("TERM", "INT");

    private StopSignal() {}

    /** From now on asks {@code action} at each signal; the process ends as usual where it answers false. Cannot be taken back. */
    public static void handle(BooleanSupplier action) {
        SIGNALS.forEach(signal -> SignalUtils$.MODULE$.register(signal, new Action(action)));
    }

    private static final class Action extends AbstractFunction0<Object> {
        private final BooleanSupplier action;

        private Action(BooleanSupplier action) {
            this.action = action;
        }

        @Override
        public Object apply() {
            return action.getAsBoolean();
        }
    }
}
