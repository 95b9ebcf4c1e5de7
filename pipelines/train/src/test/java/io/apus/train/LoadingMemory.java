package io.apus.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.measure.ProcessMemory;
import io.apus.train.parallel.ThreadRanks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The main class of a process that does nothing but run plans, to see how much memory each takes at most. */
final class LoadingMemory {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Begins a line of the result; the collectives' library prints others. */
    static final String MARK = "peak ";
    /** Lets the kernel forget the most memory that a process ever had (proc(5), clear_refs). */
    private static final String FORGET_PEAK = "5";

    private LoadingMemory() {}

    /** Arguments: folder of a {@link TinyTask}, another model's folder, plans; prints for each plan its bytes, or nothing where the kernel cannot tell. */
    public static void main(String[] args) throws Exception {
        TinyTask tiny = new TinyTask(Path.of(args[0]));
        run(tiny, tiny.folder().resolve("model"), "warm", Map.of());
        for (String plan : List.of(args).subList(2, args.length)) {
            System.gc();
            Files.writeString(Path.of("/proc/self/clear_refs"), FORGET_PEAK);
            long before = ProcessMemory.resident();
            run(tiny, Path.of(args[1]), plan.replace('=', '-'), sharing(plan));
            System.out.println(MARK + plan + " " + (ProcessMemory.peak() - before));
        }
        Runtime.getRuntime().halt(0);
    }

    private static Map<String, Object> sharing(String plan) {
        return plan.contains("=")
                ? Map.of("parallel", Map.of(plan.substring(0, 2), plan.substring(3)))
                : Map.of("deepspeed", plan);
    }

    /** One step of two ranks, which train an adapter: what they hold is the model. It ends before anything is written. */
    private static void run(TinyTask tiny, Path model, String output, Map<String, Object> sharing) throws Exception {
        TunerSpec lora = JSON.convertValue(Map.of("tunerType", "lora"), TunerSpec.class);
        TrainTask task = TinyTask.withTuner(
                TinyTask.withModel(
                        tiny.task(output, "lora", all -> {
                            all.put("worldSize", 2);
                            all.put("maxSteps", 2);
                            all.put("perDeviceTrainBatchSize", 1);
                            all.put("gradientAccumulationSteps", 1);
                            all.put("sharing", sharing);
                        }),
                        model),
                lora);
        ThreadRanks.worlds(2, world -> Trainer.run(task, new RankPlace(world, TrainReports.none(), () -> true)));
    }
}
