/** `--dataset fashion_mnist`: a name for the folder that a system's package puts its files into. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './arguments';

export const FASHION_MNIST = 'fashion_mnist';

/** Where the package of Debian and its kin, Ubuntu among them, has them. */
const PACKAGE = 'dataset-fashion-mnist';
const FOLDER = '/usr/share/datasets/fashion-mnist';

export const FASHION_MNIST_HELP = `On the command line ${FASHION_MNIST} is one, too, where the package ${PACKAGE} of Debian or Ubuntu is installed.`;

/**
 * The folder with the four files.
 *
 * @throws UsageError that says where they come from, where they are not there
 */
export function fashionMnistFolder(folder = FOLDER): string {
  if (existsSync(join(folder, 'train-images-idx3-ubyte.gz'))) return folder;
  throw new UsageError(
    `--dataset ${FASHION_MNIST}: its files are not in ${folder}. Debian and Ubuntu have them in the package ${PACKAGE}; elsewhere give the folder that they are in: --data DIR`,
  );
}
