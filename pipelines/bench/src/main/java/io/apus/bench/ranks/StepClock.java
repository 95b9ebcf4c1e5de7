package io.apus.bench.ranks;

import io.apus.train.TrainReports;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Takes the time at which each step's report arrives: what lies between two of them is a step with everything around it. */
final class StepClock implements TrainReports {
    /** The first steps also pay for pages and code that are used for the first time. */
    static final int WARM = 3;

    private final List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void report(String jsonLine) {
        if (jsonLine.startsWith("{\"type\":\"step\"")) {
            arrivals.add(System.nanoTime());
        }
    }

    /** Mean seconds from step to step, warm-up left out: where only some steps carry what is measured. */
    double meanSeconds() {
        int last = arrivals.size() - 1;
        return (arrivals.get(last) - arrivals.get(WARM)) / 1e9 / (last - WARM);
    }

    /** Median seconds from step to step, warm-up left out: where every step is alike. */
    double medianSeconds() {
        return Scaling.median(IntStream.range(WARM + 1, arrivals.size())
                .mapToObj(i -> (arrivals.get(i) - arrivals.get(i - 1)) / 1e9)
                .toList());
    }
}
