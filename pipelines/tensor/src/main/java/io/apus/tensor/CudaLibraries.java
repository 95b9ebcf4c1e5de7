package io.apus.tensor;

import io.apus.schemas.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** What libtorch needs beside itself to compute on GPUs, and why it cannot where it cannot. */
final class CudaLibraries {
    /** NVIDIA's libraries that libtorch_cuda is linked to; the build of the binding decides the versions. */
    static final List<String> NEEDED = List.of(
            "libcudart.so.13",
            "libcublas.so.13",
            "libcublasLt.so.13",
            "libcudnn.so.9",
            "libcufft.so.12",
            "libcurand.so.10",
            "libcusparse.so.12",
            "libcusolver.so.12",
            "libnvJitLink.so.13",
            "libcufile.so.0",
            "libcupti.so.13",
            "libnccl.so.2");
    /** The driver's own library, which comes with the driver and with nothing else. */
    static final String DRIVER = "libcuda.so.1";

    private static final List<String> USUAL = List.of(
            "/usr/local/cuda/lib64",
            "/usr/local/nvidia/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/usr/lib");

    private CudaLibraries() {}

    /** Why {@code device} cannot be used in a process that sees {@code gpus} GPUs. */
    static UserError refusal(Device device, int gpus) {
        String problem = "Cannot compute on " + device;
        if (gpus > 0) {
            return new UserError(
                    problem,
                    "this process sees " + gpus + " GPU" + (gpus == 1 ? "" : "s") + ", numbered from 0",
                    "Ask for fewer ranks on this machine, or look at CUDA_VISIBLE_DEVICES.");
        }
        String classifier = Loader.getPlatform() + "-gpu";
        if (torch.class.getResource("/org/bytedeco/pytorch/" + classifier + "/libtorch_cuda.so") == null) {
            return new UserError(
                    problem,
                    "org.bytedeco:pytorch with the classifier " + classifier + " is not on the class path",
                    "Build with -Pgpu, or add that jar and org.bytedeco:cuda to the class path.");
        }
        return missing(problem, folders(System.getenv("LD_LIBRARY_PATH")));
    }

    static UserError missing(String problem, List<Path> folders) {
        List<String> absent = Stream.concat(Stream.of(DRIVER), NEEDED.stream())
                .filter(library -> folders.stream().noneMatch(folder -> Files.exists(folder.resolve(library))))
                .toList();
        if (absent.contains(DRIVER)) {
            return new UserError(problem, "there is no " + DRIVER, "Install NVIDIA's driver, 580 or later.");
        }
        if (!absent.isEmpty()) {
            return new UserError(
                    problem,
                    "no folder of libraries has " + String.join(", ", absent),
                    "Install CUDA 13, cuDNN 9 and NCCL 2, and name their folders in LD_LIBRARY_PATH.");
        }
        return new UserError(
                problem,
                "the driver and all libraries are there, but no GPU answers",
                "Look at nvidia-smi, whose driver must be 580 or later, and CUDA_VISIBLE_DEVICES.");
    }

    /** Where the system looks for libraries: {@code path}, which may be null, and the usual folders. */
    static List<Path> folders(String path) {
        Stream<String> own = path == null ? Stream.empty() : Stream.of(path.split(":", -1));
        return Stream.concat(own, USUAL.stream())
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .toList();
    }
}
