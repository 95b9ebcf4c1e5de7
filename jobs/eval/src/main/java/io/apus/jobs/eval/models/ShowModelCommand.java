package io.apus.jobs.eval.models;

import io.apus.schemas.catalog.ModelEntry;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus models show ID}: everything the catalog says about one model. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Says everything about one published model.")
final class ShowModelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "id on a hub, or its last part")
    private String id;

    @Override
    public Integer call() {
        ModelEntry entry = ModelsCommand.catalog().entry(id);
        PrintWriter out = spec.commandLine().getOut();
        out.println(entry.id());
        line(out, "ModelScope", entry.ms() == null ? "not there" : entry.ms());
        line(out, "Hugging Face", entry.hf() == null ? "not there" : entry.hf());
        line(out, "kind", entry.kind());
        line(out, "model_type", entry.modelType());
        line(out, "architecture", entry.architectures().isEmpty() ? "none" : String.join(", ", entry.architectures()));
        line(out, "template", entry.template());
        line(out, "context", ModelTable.contextInWords(entry));
        line(out, "covered", Coverage.of(entry) ? "yes" : "no: its architecture is not among the families here");
        if (Coverage.of(entry)) {
            String name = entry.ms() == null ? "hf::" + entry.hf() : entry.ms();
            line(out, "use", "apus sft --model " + name + " --dataset alpaca-gpt4-data-en#1000");
        }
        out.flush();
        return 0;
    }

    private static void line(PrintWriter out, String name, String text) {
        out.println("  " + name + " ".repeat(Math.max(1, 14 - name.length())) + text);
    }
}
