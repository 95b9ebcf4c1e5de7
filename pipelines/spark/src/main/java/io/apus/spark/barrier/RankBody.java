package io.apus.spark.barrier;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.spark.TaskKilledException;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/** What a barrier task does: meet the others, do the rank's work, wait for the others. */
final class RankBody<T> extends AbstractFunction1<Iterator<T>, Iterator<byte[]>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String run;
    private final RankTask<?> task;

    RankBody(String run, RankTask<?> task) {
        this.run = run;
        this.task = task;
    }

    @Override
    public Iterator<byte[]> apply(Iterator<T> ignored) {
        try {
            BarrierWorld barrier = BarrierWorld.join();
            byte[] end = work(barrier);
            barrier.meet();
            return Iterator$.MODULE$.single(end);
        } catch (IOException fault) {
            throw new UncheckedIOException("the ranks could not meet", fault);
        }
    }

    private byte[] work(BarrierWorld barrier) {
        CountingReports reports = new CountingReports(ReportPlugin.sender(
                run, barrier.world().attempt(), barrier.world().rank()));
        try {
            Serializable value = task.run(barrier.world(), reports);
            return new RankEnd(barrier.world().rank(), reports.count, value).toBytes();
        } catch (Throwable fault) {
            throw explain(barrier, fault);
        }
    }

    private RuntimeException explain(BarrierWorld barrier, Throwable fault) {
        if (barrier.killed()) {
            TaskKilledException killed = new TaskKilledException("the stage ended before this rank did");
            killed.addSuppressed(fault);
            return killed;
        }
        boolean peerBlamed = task.causedByPeer(fault);
        if (peerBlamed) {
            // The rank at fault speaks first. If an executor is lost, Spark ends this wait and retries the stage; if
            // every rank
            // blames another, all of them come here and the wait ends at once.
            barrier.meet();
        }
        return RankFailure.of(barrier.world(), fault, peerBlamed);
    }

    private static final class CountingReports implements Consumer<String> {
        private final Consumer<String> out;
        private long count;

        CountingReports(Consumer<String> out) {
            this.out = out;
        }

        @Override
        public synchronized void accept(String line) {
            out.accept(line);
            count++;
        }
    }
}
