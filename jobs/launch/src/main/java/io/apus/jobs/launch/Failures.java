package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.InvalidSpec;
import java.io.PrintStream;
import java.util.List;

/** Turns what went wrong into what the user sees and the exit code: 2 for what the user can mend, 1 for a bug, 143 for a stop on request. */
public final class Failures {
    public static final int BUG = 1;
    public static final int USER_ERROR = 2;
    /** As of a process that SIGTERM ended: nothing is wrong, the same command goes on. */
    public static final int STOPPED = 143;

    private Failures() {}

    /** Prints {@code failure} and returns the exit code. */
    public static int report(Throwable failure, PrintStream err) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSpec invalid) {
                return problems(invalid.problems(), err);
            }
            if (cause instanceof StoppedRun) {
                err.println(cause.getMessage());
                return STOPPED;
            }
            if (cause instanceof UserError) {
                err.println(cause.getMessage());
                return USER_ERROR;
            }
        }
        failure.printStackTrace(err);
        return BUG;
    }

    private static int problems(List<String> problems, PrintStream err) {
        if (problems.size() == 1) {
            err.println("Cannot run: " + problems.get(0));
        } else {
            err.println("Cannot run: " + problems.size() + " problems");
            problems.forEach(problem -> err.println("  " + problem));
        }
        return USER_ERROR;
    }
}
