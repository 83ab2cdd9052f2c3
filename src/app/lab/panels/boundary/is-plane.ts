/** Which data lie in a plane. */
import { type Dataset, featuresOf, hasImages } from '../../../../data/dataset';

/** True where a sample is a point: two features that are no pixels. */
export function isPlane(dataset: Dataset): boolean {
  return !hasImages(dataset) && featuresOf(dataset) === 2;
}
