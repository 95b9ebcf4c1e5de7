package io.apus.jobs.dist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The files that Hadoop's programs read their settings from. */
final class HadoopXml {
    private HadoopXml() {}

    /** Each part of Hadoop overrides what came before by defaults of its own, so each is told everything. */
    static void write(Path folder, Map<String, String> settings) throws IOException {
        Configuration written = new Configuration(false);
        settings.forEach(written::set);
        for (String part : List.of("core", "hdfs", "yarn")) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(part + "-site.xml"))) {
                written.writeXml(out);
            }
        }
    }
}
