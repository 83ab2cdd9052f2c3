/** Where the time of an epoch goes, and how far from what the device can do it is. */

/** What a device's own clock says of an epoch of a training. */
export interface EpochOnDevice {
  /** On the device alone. */
  readonly milliseconds: number;
  readonly dispatches: number;
  /** The least that an epoch takes: floating-point operations, and bytes read and written. */
  readonly operations: number;
  readonly bytes: number;
}

/** What a device reaches at most. */
export interface DeviceSpeed {
  readonly operationsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Milliseconds of an empty dispatch. */
  readonly launchMs: number;
}

/** Parts of an epoch's time in milliseconds, as documents have them. */
export interface TimeSplit {
  readonly kernels_ms: number;
  readonly launch_ms: number;
  /** Encoding, submitting and reading back, as far as the device has to wait for it. */
  readonly readback_ms: number;
  /** Operations over their rate or bytes over theirs, whichever takes longer. */
  readonly floor_ms: number;
  readonly operations: number;
  readonly bytes: number;
  readonly operations_per_s: number;
  readonly bytes_per_s: number;
}

/**
 * Splits what an epoch took.
 *
 * @param medianMs - what it took, from outside. The device was asked at another time: where it says more,
 *   nothing is left for reading back
 */
export function timeSplit(
  medianMs: number,
  { milliseconds, dispatches, operations, bytes }: EpochOnDevice,
  { operationsPerSecond, bytesPerSecond, launchMs }: DeviceSpeed,
): TimeSplit {
  const launch_ms = Math.min(dispatches * launchMs, milliseconds);
  return {
    kernels_ms: milliseconds - launch_ms,
    launch_ms,
    readback_ms: Math.max(0, medianMs - milliseconds),
    floor_ms: 1e3 * Math.max(operations / operationsPerSecond, bytes / bytesPerSecond),
    ...{ operations, bytes, operations_per_s: operationsPerSecond, bytes_per_s: bytesPerSecond },
  };
}
