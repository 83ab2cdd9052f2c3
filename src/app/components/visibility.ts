/** Whether an element can be seen. */

/**
 * Hears whenever an element comes into the window and leaves it, from its first place on.
 *
 * @param margin - how much larger than the window its edges count, as CSS has margins
 * @returns what ends it
 */
export function followVisibility(
  element: Element,
  onChange: (isVisible: boolean) => void,
  margin = '0px',
): () => void {
  const observer = new IntersectionObserver(
    (entries) => onChange(entries.at(-1)?.isIntersecting ?? false),
    { rootMargin: margin },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
