/** The password of all people of a demonstration. It is public: the sign-in page shows it. */
export const DEMONSTRATION_PASSWORD = 'plum garden by the river';
