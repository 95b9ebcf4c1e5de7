package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Files and methods stay small enough to read at one go. */
class SizesTest {
    @Test
    void filesAreSmall() throws IOException {
        Map<String, Integer> lines = new TreeMap<>();
        for (Path file : SourceTree.mainSources()) {
            lines.put(
                    SourceTree.root().relativize(file).toString(),
                    Files.readAllLines(file).size());
        }
        List<Integer> sorted = sorted(lines.values());

        assertThat(over(lines, 800)).as("files of more than 800 lines").isEmpty();
        assertThat(share(sorted, 0.5)).as("median of lines a file").isLessThanOrEqualTo(120);
        assertThat(share(sorted, 0.9)).as("lines of nine files in ten").isLessThanOrEqualTo(400);
    }

    @Test
    void methodsAreSmall() throws IOException {
        Map<String, Integer> lines = methodLines(SourceTree.mainSources());
        List<Integer> sorted = sorted(lines.values());

        assertThat(over(lines, 80)).as("methods of more than 80 lines").isEmpty();
        assertThat(share(sorted, 0.9)).as("lines of nine methods in ten").isLessThanOrEqualTo(20);
    }

    private static Map<String, Integer> methodLines(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, Integer> lines = new TreeMap<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> files = manager.getJavaFileObjectsFromPaths(sources);
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, files);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Methods(unit, positions, lines).scan(unit, null);
            }
        }
        return lines;
    }

    /** Counts the lines of each method from its opening brace to its closing one. */
    private static final class Methods extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Map<String, Integer> lines;

        Methods(CompilationUnitTree unit, SourcePositions positions, Map<String, Integer> lines) {
            this.unit = unit;
            this.positions = positions;
            this.lines = lines;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long from = positions.getStartPosition(unit, method);
            long to = positions.getEndPosition(unit, method);
            if (from >= 0 && to > from && method.getBody() != null) {
                long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
                int count = (int) (unit.getLineMap().getLineNumber(to) - first + 1);
                String file =
                        Path.of(unit.getSourceFile().getName()).getFileName().toString();
                lines.put(file + ":" + first + " " + method.getName(), count);
            }
            return super.visitMethod(method, null);
        }
    }

    private static List<Integer> sorted(Iterable<Integer> values) {
        List<Integer> sorted = new ArrayList<>();
        values.forEach(sorted::add);
        Collections.sort(sorted);
        return sorted;
    }

    private static int share(List<Integer> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }

    private static List<String> over(Map<String, Integer> lines, int limit) {
        return lines.entrySet().stream()
                .filter(entry -> entry.getValue() > limit)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .toList();
    }
}
