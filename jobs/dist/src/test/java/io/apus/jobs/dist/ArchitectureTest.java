package io.apus.jobs.dist;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the directions between them. */
class ArchitectureTest {
    /** Each room and the rooms that it may see. */
    private static final Map<String, List<String>> ROOMS = new LinkedHashMap<>();

    static {
        ROOMS.put("schemas", List.of());
        ROOMS.put("corpus", List.of("schemas"));
        ROOMS.put("hub", List.of("schemas"));
        ROOMS.put("shards", List.of("schemas"));
        ROOMS.put("spark", List.of("schemas", "corpus", "shards"));
        ROOMS.put("tensor", List.of("schemas"));
        ROOMS.put("model", List.of("schemas", "tensor"));
        ROOMS.put("train", List.of("schemas", "tensor", "model", "shards"));
        ROOMS.put("eval", List.of("schemas", "tensor", "model", "shards"));
        ROOMS.put("export", List.of("schemas", "tensor", "model"));
        ROOMS.put(
                "bench", List.of("schemas", "corpus", "shards", "spark", "tensor", "model", "train", "eval", "export"));
        ROOMS.put("jobs.launch", List.of("schemas", "hub", "shards", "spark", "corpus"));
        ROOMS.put("jobs.data", List.of("schemas", "hub", "shards", "spark", "corpus", "jobs.launch"));
        ROOMS.put(
                "jobs.train",
                List.of("schemas", "corpus", "shards", "spark", "tensor", "model", "train", "jobs.launch"));
        ROOMS.put(
                "jobs.eval",
                List.of("schemas", "shards", "spark", "corpus", "tensor", "model", "train", "eval", "jobs.launch"));
        ROOMS.put("jobs.export", List.of("schemas", "shards", "spark", "tensor", "model", "export", "jobs.launch"));
    }

    private static final String[] SPARK = {
        "org.apache.spark..", "org.apache.hadoop..", "io.delta..", "org.apache.parquet..", "scala.."
    };
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.apus");
    }

    @Test
    void everyRoomIsListed() {
        Set<String> found = new TreeSet<>();
        classes.forEach(type -> found.add(room(type.getPackageName())));
        found.removeAll(Set.of("jobs", "jobs.dist", "testkit"));

        assertThat(ROOMS.keySet()).containsAll(found);
    }

    @Test
    void roomsSeeOnlyTheRoomsBelowThem() {
        ROOMS.forEach((room, seen) -> {
            String[] others = ROOMS.keySet().stream()
                    .filter(other -> !other.equals(room) && !seen.contains(other))
                    .map(other -> "io.apus." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("io.apus." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true)
                    .check(classes);
        });
    }

    @Test
    void schemasDependOnJavaAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.apus.schemas..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "io.apus.schemas..")
                .check(classes);
    }

    @Test
    void sparkIsSeenByTheSparkRoomAndTheJobsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.apus.spark..", "io.apus.jobs..", "io.apus.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SPARK)
                .check(classes);
    }

    @Test
    void theDataSideDoesNotSeeLibtorch() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.apus.schemas..",
                        "io.apus.corpus..",
                        "io.apus.hub..",
                        "io.apus.shards..",
                        "io.apus.spark..",
                        "io.apus.jobs.data..",
                        "io.apus.jobs.launch..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(classes);
    }

    /** A tensor made without saying where lies on the CPU, and a step on a GPU fails when it meets one. */
    @Test
    void newTensorsSayOnWhichDeviceTheyLie() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.apus.tensor..", "io.apus.bench..")
                .should()
                .callMethodWhere(target(owner(assignableTo("org.bytedeco.pytorch.global.torch")))
                        .and(target(nameMatching("zeros|empty|ones|full|arange|eye|tensor|scalar_tensor"))))
                .because("io.apus.tensor.Device makes them, or new_zeros and its like of a tensor that is there")
                .check(classes);
    }

    /** The short ways of Torch make tensors of the CPU: batches and starts of heads are made there and moved. */
    @Test
    void whatIsMadeInAStepLiesWhereTheStepIsComputed() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.apus.model.layer..",
                        "io.apus.model.training..",
                        "io.apus.model.head..",
                        "io.apus.train.loop..",
                        "io.apus.train.reduce..",
                        "io.apus.train.parallel..",
                        "io.apus.train.optimize..")
                .and()
                .doNotHaveSimpleName("TokenBatch")
                .and()
                .doNotHaveSimpleName("LinearHead")
                .should()
                .callMethodWhere(target(owner(assignableTo("io.apus.tensor.Torch")))
                        .and(target(nameMatching("zeros|longs|floats|emptyFloats"))))
                .check(classes);
    }

    @Test
    void arrowStaysInShards() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.apus.shards..", "io.apus.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.arrow..")
                .check(classes);
    }

    @Test
    void onlyBarrierWorldKnowsBarriers() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.apus.spark.barrier.BarrierWorld")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.apache\\.spark\\.(BarrierTaskContext.*|rdd\\.RDDBarrier.*)")
                .check(classes);
    }

    @Test
    void aModelKnowsNothingOfRanks() {
        noClasses()
                .that()
                .resideInAPackage("io.apus.model..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "io\\.apus\\.schemas\\.World|org\\.bytedeco\\.pytorch\\.(ProcessGroup|DistributedBackend|TCPStore).*")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.apus.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void noPackageIsAHeap() {
        assertThat(classes.stream().map(type -> type.getPackageName()).distinct())
                .noneMatch(name -> name.matches(".*\\.(utils?|common|helpers?|misc)(\\..*)?"));
    }

    @Test
    void nothingIsLoadedByName() {
        noClasses()
                .should()
                .callMethodWhere(target(nameMatching("forName|loadClass"))
                        .and(target(owner(assignableTo(Class.class).or(assignableTo(ClassLoader.class))))))
                .check(classes);
    }

    private static String room(String packageName) {
        String[] parts = packageName.split("\\.", -1);
        return parts.length > 3 && parts[2].equals("jobs") ? "jobs." + parts[3] : parts[2];
    }
}
