#!/usr/bin/env bash
# On the machine with the GPU, in the folder .device: unpacks it, finds the driver and runs the check. Writes
# report.json and check.log to $OUT. CHECK_S bounds the check, LIMIT_S what it takes on; PARTS names
# what of it is taken, PEERS=0 leaves PyTorch and NumPy out, INSTALL=0 the libraries of Vulkan.
set -uo pipefail
OUT=$(cd "${OUT:-.}" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
if [ "${INSTALL:-1}" = 1 ]; then
  for f in debs/*.deb; do [ -f "$f" ] && dpkg -x "$f" / 2>/dev/null; done
  ldconfig
fi
if [ -z "${VK_ICD_FILENAMES:-}" ] && [ -z "${VK_DRIVER_FILES:-}" ]; then
  driver=$(find / -xdev -name nvidia_icd.json -path '*icd.d*' 2>/dev/null | head -1)
  [ -n "$driver" ] || driver=$(find / -name nvidia_icd.json -path '*icd.d*' -not -path '/proc/*' 2>/dev/null | head -1)
  [ -n "$driver" ] && export VK_DRIVER_FILES=$driver
  echo "driver file: ${driver:-none found}"
fi
for f in $(find . -name '*.xz'); do
  [ -f "${f%.xz}" ] || python3 -c 'import lzma,shutil,sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[1][:-3], "wb"))' "$f"
done
chmod +x runtime
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null
arguments=(digits.csv "$OUT/report.json" "${LIMIT_S:-360}")
case $(cat engine) in
  dawn) run=(./runtime check.mjs "${arguments[@]}" "$PWD/packages") ;;
  deno) run=(./runtime run --allow-all --unstable-webgpu --no-config --no-lock check.mjs "${arguments[@]}") ;;
esac
timeout "${CHECK_S:-420}" "${run[@]}" 2>&1 | tee "$OUT/check.log"
exit "${PIPESTATUS[0]}"
