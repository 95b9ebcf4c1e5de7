package io.apus.bench.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs contenders in turns, so that whatever else the machine does meets all of them alike. The order is reversed every other round: no
 * contender always follows the same one.
 */
public final class Interleaved {
    private Interleaved() {}

    /** Times {@code rounds} rounds after {@code warmups} that are not counted; the timings come in the contenders' order. */
    public static List<Timing> run(int warmups, int rounds, List<Contender> contenders) throws IOException {
        double[][] seconds = new double[contenders.size()][rounds];
        double[] results = new double[contenders.size()];
        for (int round = -warmups; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                int at = (round & 1) == 0 ? i : contenders.size() - 1 - i;
                long start = System.nanoTime();
                results[at] = contenders.get(at).work().run();
                double taken = (System.nanoTime() - start) / 1e9;
                if (round >= 0) {
                    seconds[at][round] = taken;
                }
            }
        }
        List<Timing> timings = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            timings.add(new Timing(contenders.get(i).name(), seconds[i], results[i]));
        }
        return timings;
    }
}
