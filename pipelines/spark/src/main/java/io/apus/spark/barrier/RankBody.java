package io.apus.spark.barrier;

import io.apus.schemas.World;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.spark.TaskKilledException;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/** What a barrier task does: meet the others, do the rank's work, wait for the others. */
final class RankBody<T> extends AbstractFunction1<Iterator<T>, Iterator<byte[]>> implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Time for a rank at fault to speak before those that only miss it. */
    private static final Duration PEER_GRACE = Duration.ofSeconds(15);

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
        try (RankStop stop = RankStop.open()) {
            String device = barrier.device();
            RankThread<byte[]> thread = new RankThread<>("rank-" + world.rank(), stop, () -> rank(world, device, stop));
            byte[] end = thread.run(barrier::killed, stopWanted(world));
            barrier.endIfKilled();
            return end;
        } catch (Throwable fault) {
            throw explain(barrier, fault);
        } finally {
            ReportPlugin.flush();
        }
    }

    /** The ranks tell each other; one that asks the driver is enough. */
    private BooleanSupplier stopWanted(World world) {
        return world.rank() == 0 ? () -> ReportPlugin.stopWanted(run) : () -> false;
    }

    private byte[] rank(World world, String device, RankStop stop) throws Exception {
        try (RankOutput output = RankOutput.open(sender(world, Report.Kind.LOG))) {
            output.line(greeting(world, device));
            try {
                Serializable value = task.run(new Rank(world, device, sender(world, Report.Kind.REPORT), stop));
                output.line("the rank has ended well");
                return new RankEnd(world.rank(), value).toBytes();
            } catch (Throwable fault) {
                output.trace(fault);
                throw fault;
            }
        }
    }

    private Consumer<String> sender(World world, Report.Kind kind) {
        return ReportPlugin.sender(run, world.attempt(), world.rank(), kind);
    }

    private static String greeting(World world, String device) {
        return "rank " + world.rank() + " of " + world.size() + ", attempt " + world.attempt() + ", at "
                + world.endpoints().get(world.rank()) + ", on " + device + ", process "
                + ProcessHandle.current().pid();
    }

    private RuntimeException explain(BarrierWorld barrier, Throwable fault) {
        boolean peerBlamed = task.causedByPeer(fault);
        if (peerBlamed && !barrier.killed()) {
            // The rank at fault speaks first. If every rank blames another, all of them come here and the wait ends at
            // once.
            barrier.meetWithin(PEER_GRACE);
        }
        if (barrier.killed()) {
            TaskKilledException killed = new TaskKilledException("the stage ended before this rank did");
            killed.addSuppressed(fault);
            return killed;
        }
        return RankFailure.of(barrier.world(), fault, peerBlamed);
    }

    private record Rank(World world, String device, Consumer<String> out, RankStop stop) implements RankContext {
        @Override
        public void report(String line) {
            out.accept(line);
        }

        @Override
        public boolean stopRequested() {
            return stop.requested();
        }
    }
}
