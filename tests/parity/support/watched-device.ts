/** A device that counts what is made on it, and that can be made to fail. */
import type { AcquiredDevice } from '../../../src/gpu/runtime/device';

/** What a test changes about a device. */
export interface Sabotage {
  /** The WGSL that a kernel is compiled from instead. */
  readonly code?: (code: string) => string;
  /** What an error scope of a kind gives when it is popped; undefined for the truth. */
  readonly scopeError?: (filter: GPUErrorFilter | undefined) => GPUError | undefined;
  /** Limits that differ from the device's own. */
  readonly limits?: Partial<GPUSupportedLimits>;
}

export interface WatchedDevice extends AcquiredDevice {
  /** How often each method of the device was called. */
  readonly calls: ReadonlyMap<string, number>;
  /** Labels of buffers that exist. */
  readonly alive: ReadonlySet<GPUBuffer>;
}

/** Watches a device from now on. The device itself stays as it is. */
export function watch(acquired: AcquiredDevice, sabotage: Sabotage = {}): WatchedDevice {
  const { device } = acquired;
  const calls = new Map<string, number>();
  const alive = new Set<GPUBuffer>();
  const scopes: GPUErrorFilter[] = [];
  const replacements: Partial<GPUDevice> = {
    createBuffer(descriptor) {
      const buffer = device.createBuffer(descriptor);
      alive.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        alive.delete(buffer);
        return destroy();
      };
      return buffer;
    },
    createShaderModule(descriptor) {
      const code = sabotage.code?.(descriptor.code) ?? descriptor.code;
      return device.createShaderModule({ ...descriptor, code });
    },
    pushErrorScope(filter) {
      scopes.push(filter);
      return device.pushErrorScope(filter);
    },
    async popErrorScope() {
      const filter = scopes.pop();
      const error = await device.popErrorScope();
      return sabotage.scopeError?.(filter) ?? error;
    },
  };
  const limits = new Proxy(device.limits, {
    get: (own, name) => Reflect.get(sabotage.limits ?? {}, name) ?? Reflect.get(own, name, own),
  });
  const watched = new Proxy(device, {
    get(target, name) {
      if (name === 'limits') return limits;
      const value: unknown = Reflect.get(replacements, name) ?? Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]): unknown => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
        return Reflect.apply(value, target, parameters);
      };
    },
  });
  return { ...acquired, device: watched, calls, alive };
}
