"""Makes the synthetic cohort: patients, their examinations, the prose and the labels."""
