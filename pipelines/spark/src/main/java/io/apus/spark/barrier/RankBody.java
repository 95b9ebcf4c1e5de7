package io.apus.spark.barrier;

import io.apus.schemas.World;
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
        World world = barrier.world();
        RankContext rank = new Rank(world, sender(world, Report.Kind.REPORT));
        try (RankOutput output = RankOutput.open(sender(world, Report.Kind.LOG))) {
            output.line(greeting(world));
            try {
                Serializable value = task.run(rank);
                output.line("the rank has ended well");
                return new RankEnd(world.rank(), value).toBytes();
            } catch (Throwable fault) {
                output.trace(fault);
                throw explain(barrier, fault);
            }
        } finally {
            ReportPlugin.flush();
        }
    }

    private Consumer<String> sender(World world, Report.Kind kind) {
        return ReportPlugin.sender(run, world.attempt(), world.rank(), kind);
    }

    private static String greeting(World world) {
        return "rank " + world.rank() + " of " + world.size() + ", attempt " + world.attempt() + ", at "
                + world.endpoints().get(world.rank()) + ", process "
                + ProcessHandle.current().pid();
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

    private record Rank(World world, Consumer<String> out) implements RankContext {
        @Override
        public void report(String line) {
            out.accept(line);
        }
    }
}
