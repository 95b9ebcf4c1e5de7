package io.apus.jobs.dist;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** An object store that speaks S3 on the loopback address, as a process of its own, with one bucket. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "s3a://runs";
    private static final String OPTION = "--com.adobe.testing.s3mock.";

    private final Programs programs;
    /** Hadoop's client of such a store, which no test but one has on its class path. */
    private final URLClassLoader client;

    private final int port;

    private S3Server(Programs programs, URLClassLoader client, int port) {
        this.programs = programs;
        this.client = client;
        this.port = port;
    }

    static S3Server start(Path sparkHome, Path servers, Path folder) throws Exception {
        Path objects = Files.createDirectories(folder.resolve("objects"));
        try (Stream<Path> jars = Files.list(servers.resolve("s3"))) {
            Programs programs =
                    new Programs(sparkHome, folder).onlyClasses(jars.findFirst().orElseThrow());
            S3Server server = new S3Server(programs, client(servers.resolve("s3a")), Programs.freePort());
            programs.start(
                    "s3",
                    "512m",
                    "org.springframework.boot.loader.launch.JarLauncher",
                    List.of(
                            OPTION + "http-port=" + server.port,
                            OPTION + "domain.root=" + objects,
                            OPTION + "domain.initial-buckets=" + BUCKET.substring("s3a://".length()),
                            "--server.port=0"));
            TinyTraining.await("the object store", server::answers);
            return server;
        }
    }

    private static URLClassLoader client(Path folder) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : found) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new URLClassLoader(jars.toArray(URL[]::new), S3Server.class.getClassLoader());
    }

    private boolean answers() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint())).build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** What a client has to know, by the names of Hadoop's settings. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fs.s3a.endpoint", endpoint());
        settings.put("fs.s3a.endpoint.region", "us-east-1");
        settings.put("fs.s3a.path.style.access", "true");
        settings.put("fs.s3a.connection.ssl.enabled", "false");
        // This server takes no condition on a read; the client compares instead.
        settings.put("fs.s3a.change.detection.mode", "client");
        settings.put("fs.s3a.access.key", "any");
        settings.put("fs.s3a.secret.key", "any");
        return settings;
    }

    FileSystem files() throws IOException {
        Configuration conf = new Configuration();
        conf.setClassLoader(client);
        settings().forEach(conf::set);
        return FileSystem.newInstance(URI.create(BUCKET), conf);
    }

    @Override
    public void close() throws Exception {
        programs.close();
        client.close();
    }
}
