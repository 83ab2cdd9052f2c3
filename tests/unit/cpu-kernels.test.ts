/** The kernels of the module that every WebAssembly with SIMD runs, with the same bits everywhere. */
import { testCpuKernels } from '../support/cpu-kernels';

testCpuKernels('simd');
testCpuKernels('simd', 3);
