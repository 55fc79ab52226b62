/** Something that holds on to the editor or to a resource until it is let go. */
export interface Disposable {
  dispose(): void;
}
