package io.apus.train.checkpoint;

import io.apus.tensor.collective.CollectiveFailure;
import io.apus.tensor.collective.Collectives;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work of which nobody knows how long it takes, such as writing to a slow file system. A rank that merely waited for another's end in a
 * collective would give it up after the limit of collectives; here each tells the others a few times a second that it is at work, so that
 * only one which is lost or stopped is given up. The work may use {@link Collectives#send} and {@link Collectives#receive}, and no other
 * collective.
 */
final class LongWork implements AutoCloseable {
    private static final long PULSE_MILLIS = 250;
    private static final long AT_WORK = 0;
    private static final long DONE = 1;

    private final Collectives collectives;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread pulse;
    private volatile boolean abandoned;
    private volatile CollectiveFailure failure;

    private LongWork(Collectives collectives) {
        this.collectives = collectives;
        this.pulse = new Thread(this::tell, "at-work-" + collectives.rank());
        pulse.setDaemon(true);
    }

    /** Every rank calls it, and then {@link #close}s it when its own part is done. */
    static LongWork begin(Collectives collectives) {
        LongWork work = new LongWork(collectives);
        work.pulse.start();
        return work;
    }

    private void tell() {
        try {
            boolean allDone = false;
            while (!allDone && !abandoned) {
                long own = done.await(PULSE_MILLIS, TimeUnit.MILLISECONDS) ? DONE : AT_WORK;
                allDone = collectives.allGather(new long[] {own}).stream().allMatch(rank -> rank[0] == DONE);
            }
        } catch (CollectiveFailure lost) {
            failure = lost;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /**
     * Waits for the other ranks' parts.
     *
     * @throws CollectiveFailure when one of them is lost
     */
    @Override
    public void close() {
        done.countDown();
        boolean interrupted = false;
        while (pulse.isAlive()) {
            try {
                pulse.join();
            } catch (InterruptedException e) {
                interrupted = true;
                abandoned = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
