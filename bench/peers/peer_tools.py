"""What the programs that run peers share: an environment of their own, and tailor as a library."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def enter_venv(directory, packages, **environment):
    """Runs this program again inside a virtual environment that has the packages, made when it is
    not there, with the variables set. Which kernels OpenBLAS takes is left to it."""
    if os.path.abspath(sys.prefix) == os.path.abspath(directory):
        return
    python = os.path.join(directory, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    env = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    os.execve(python, [python, *sys.argv], {**env, **environment})


def build_library(name, directory, cxx, flags, *more):
    """Builds <name>.cpp of this folder as a shared library, with the flags a CMake release build
    has; where it is."""
    out = os.path.join(directory, name + ".so")
    subprocess.run([*cxx.split(), "-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-shared",
                    *flags.split(), *more, "-I" + os.path.join(HERE, "..", "..", "include"),
                    os.path.join(HERE, name + ".cpp"), "-o", out, "-pthread"], check=True)
    return out
